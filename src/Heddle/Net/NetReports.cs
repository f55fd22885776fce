using System.Net;

namespace Heddle;

/// <summary>The texts of the network's reports.</summary>
internal static class NetReports
{
    internal static LoopReport HandlerFailed(Connection connection, Exception failure) => new(
        LoopReportKind.UnhandledFailure,
        $"The handler of the {connection} failed, and its connection was closed: {failure.Message}",
        LoopTask.Current?.Name,
        failure);

    internal static LoopReport HandshakeFailed(EndPoint? remote, Exception failure) => new(
        LoopReportKind.HandshakeFailed,
        failure is TimeoutException
            ? $"{IoFailures.Name(remote)} did not finish its TLS handshake in time, and its connection was closed."
            : $"{failure.Message} Its connection was closed.",
        LoopTask.Current?.Name,
        failure);

    internal static LoopReport AcceptFailed(Exception failure) => new(
        LoopReportKind.UnhandledFailure,
        $"{failure.Message} The server tries again until it can go on.",
        LoopTask.Current?.Name,
        failure);

    internal static LoopReport DescriptorsRunOut(EndPoint local) => new(
        LoopReportKind.UnhandledFailure,
        $"Accepting connections at {IoFailures.Name(local)} waits: hardly any descriptors are left, and the last {SpareDescriptors.Text} are kept for "
        + "the program itself. Close connections, or raise the limit (ulimit -n). The server goes on as soon as it can.",
        LoopTask.Current?.Name,
        null);

    internal static LoopReport SocketFileLeft(string path, Exception failure) => new(
        LoopReportKind.UnhandledFailure,
        $"The socket file {path} could not be removed when its server stopped: {failure.Message} The next server there replaces it.",
        LoopTask.Current?.Name,
        failure);
}
