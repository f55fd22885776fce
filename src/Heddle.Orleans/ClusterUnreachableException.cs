namespace Heddle.Orleans;

/// <summary>Thrown to the calls that wait when no silo of the cluster was found in time.</summary>
public class ClusterUnreachableException : IOException
{
    internal ClusterUnreachableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal static ClusterUnreachableException For(OrleansExecutorOptions options, Exception? cause) => new(
        $"'{options.Name}' found no silo of the cluster '{options.ClusterId}' within {options.ConnectTimeout.TotalSeconds:0.###} s, as ConnectTimeout demands"
        + $"{(cause is null ? "" : $": {cause.Message}")}. Is the Redis server up, and a silo started with the same server and the same cluster: "
        + $"heddle-silo --redis … --cluster {options.ClusterId} --assembly …? Can this machine reach the silo's gateway port?",
        cause);
}
