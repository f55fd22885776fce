using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Heddle;

/// <summary>How arguments and results are written as JSON.</summary>
internal static class WorkJson
{
    private static readonly Lock s_gate = new();
    private static readonly List<IJsonTypeInfoResolver> s_resolvers = [];
    private static JsonSerializerOptions? s_options;

    internal static JsonSerializerOptions Options
    {
        get
        {
            lock (s_gate)
            {
                return s_options ??= Make();
            }
        }
    }

    internal static string TextOf(object value, JsonTypeInfo type) => JsonSerializer.Serialize(value, type);

    internal static void Add(IJsonTypeInfoResolver types)
    {
        lock (s_gate)
        {
            if (s_options is not null)
            {
                throw new InvalidOperationException(
                    "Types were sent already, so it is too late to say how. Call WorkRegistry.AddJson at the start of Main, before ProcessExecutor.RunWorkerIfAsked.");
            }

            s_resolvers.Add(types);
        }
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            // Tuples have nothing else.
            IncludeFields = true,
            Converters = { new WorkDates(), new WorkDecimals() },
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            TypeInfoResolver = JsonTypeInfoResolver.Combine([.. s_resolvers]),
        };
        if (Reflective.IsSupported)
        {
            AddReflection(options);
        }

        options.MakeReadOnly();
        return options;
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    private static void AddReflection(JsonSerializerOptions options)
    {
        options.Converters.Add(new WorkSegments());
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
    }
}
