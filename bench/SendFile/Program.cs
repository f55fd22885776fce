using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Heddle;

// Processor time of a server for a GiB of a file, by SendFileAsync and by a loop of reads and writes: the median of several runs, by turns. Who receives is a
// process of its own.
const long Size = 1L << 30;
const int Rounds = 5;

if (args is ["sink", var port])
{
    return Sink(int.Parse(port, CultureInfo.InvariantCulture));
}

var path = Path.Combine(args is [var folder] ? folder : Path.GetTempPath(), $"heddle-sendfile-{Environment.ProcessId}");
try
{
    await WriteAsync(path);
    var (system, copied) = (new List<double>(), new List<double>());
    EventLoop.Run(async () =>
    {
        for (var round = 0; round <= Rounds; round++)
        {
            var one = await MeasureAsync(async connection => await connection.Writer.SendFileAsync(path));
            var other = await MeasureAsync(connection => CopyAsync(connection, path));

            // The first warms both up.
            if (round > 0)
            {
                system.Add(one);
                copied.Add(other);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: SendFileAsync {one:0} ms, copy loop {other:0} ms"));
            }
        }
    });
    var (median, copy) = (Median(system), Median(copied));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"processor time a GiB: SendFileAsync {median:0} ms, copy loop {copy:0} ms, {copy / median:0.0} times as much"));
    return 0;
}
finally
{
    File.Delete(path);
}

static async Task WriteAsync(string path)
{
    await using var file = File.Create(path);
    var piece = new byte[1 << 20];
    Random.Shared.NextBytes(piece);
    for (var i = 0L; i < Size; i += piece.Length)
    {
        await file.WriteAsync(piece);
    }
}

static async Coroutine<double> MeasureAsync(Func<TcpConnection, Coroutine> send)
{
    var used = TimeSpan.Zero;
    var isOver = new AsyncManualResetEvent();
    await using var server = TcpServer.Start(new(IPAddress.Loopback, 0), async connection =>
    {
        var before = Environment.CpuUsage.TotalTime;
        await send(connection);
        await connection.Writer.FinishAsync();
        used = Environment.CpuUsage.TotalTime - before;
        await connection.Reader.ReadToEndAsync();
        isOver.Set();
    });
    using var sink = Process.Start(Environment.ProcessPath!, ["sink", server.Port.ToString(CultureInfo.InvariantCulture)]);
    await isOver.WaitAsync();
    await sink.WaitForExitAsync().OrCanceled();
    return sink.ExitCode == 0 ? used.TotalMilliseconds : throw new InvalidDataException("Not all has arrived.");
}

static async Coroutine CopyAsync(TcpConnection connection, string path)
{
    using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
    var buffer = new byte[64 * 1024];
    for (long at = 0; RandomAccess.Read(file, buffer, at) is var count and > 0; at += count)
    {
        await connection.Writer.WriteAsync(buffer.AsMemory(0, count));
    }
}

static int Sink(int port)
{
    using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
    socket.Connect(IPAddress.Loopback, port);
    var buffer = new byte[1 << 18];
    var all = 0L;
    while (socket.Receive(buffer) is var count and > 0)
    {
        all += count;
    }

    return all == Size ? 0 : 1;
}

static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
