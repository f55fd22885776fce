using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Heddle.NetworkStage;

/// <summary>nginx, which closes a connection after a hundred requests or a second of silence: what can be repeated does not fail.</summary>
internal static class Nginx
{
    private const int AtOnce = 16;

    /// <summary>Null if it is not installed.</summary>
    internal static string? Find() => new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists);

    internal static string Run(string nginx, int count)
    {
        var folder = Directory.CreateTempSubdirectory("heddle-nginx-");
        try
        {
            var (plain, second) = (FreePort(), FreePort());
            using var server = Start(nginx, folder.FullName, plain, second);
            try
            {
                return Stage.OnLoop("epoll", async () =>
                {
                    await WaitForAsync(plain);
                    var seen = new List<string>();
                    foreach (var (version, port) in new[] { (1, plain), (2, second) })
                    {
                        var (own, loop) = (await FailuresAsync(HttpTransport.System, version, port, count), await FailuresAsync(HttpTransport.Loop, version, port, count));
                        seen.Add(string.Create(CultureInfo.InvariantCulture, $"HTTP/{version}: {loop.Count} of {count} failed, with the system's sockets {own.Count}"));
                        Stage.Require(loop.Count == 0 || own.Count > 0, $"{seen[^1]}: {loop.FirstOrDefault()}");
                        Stage.Require(loop.TrueForAll(static one => one.Contains("(GOAWAY)", StringComparison.Ordinal)), $"{seen[^1]}: {loop.FirstOrDefault()}");
                    }

                    return string.Join("; ", seen);
                });
            }
            finally
            {
                server.Kill(entireProcessTree: true);
                server.WaitForExit();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Many at once, and every now and then a pause in which the server closes what is idle.</summary>
    private static async Coroutine<List<string>> FailuresAsync(HttpTransport transport, int version, int port, int count)
    {
        var failures = new List<string>();
        await using var http = new LoopHttpClient(new()
        {
            BaseAddress = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")),
            Transport = transport,
            UseProxy = false,
        });
        const int Rounds = 4;
        for (var round = 0; round < Rounds; round++)
        {
            var left = count / Rounds;
            await TaskGroup.RunAsync(group =>
            {
                for (var i = 0; i < AtOnce; i++)
                {
                    _ = group.Start(async () =>
                    {
                        while (left-- > 0)
                        {
                            await AskAsync();
                        }
                    });
                }

                return default;
            });

            // Real: about as long as the server keeps an idle connection, so that some requests meet its end.
            await Coroutine.Delay(TimeSpan.FromMilliseconds(950 + (round * 40)));
        }

        return failures;

        async Coroutine AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "answer")
            {
                Version = version == 2 ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            try
            {
                var answer = await (await http.SendAsync(request)).EnsureSuccess().ReadAsStringAsync();
                Stage.Require(answer == "hello\n", $"the answer was '{answer}'");
            }
            catch (LoopHttpException failure)
            {
                failures.Add(failure.ToString());
            }
        }
    }

    private static async Coroutine WaitForAsync(int port)
    {
        for (var patience = 100; ; patience--)
        {
            try
            {
                await using var connection = await TcpConnection.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
                return;
            }
            catch (ConnectionException) when (patience > 0)
            {
                // Real: until the server listens.
                await Coroutine.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private static Process Start(string nginx, string folder, int plain, int second)
    {
        var configuration = $$"""
            daemon off; master_process off; worker_processes 1; pid {{folder}}/pid; error_log {{folder}}/errors warn;
            events { worker_connections 1024; }
            http {
                access_log off; client_body_temp_path {{folder}}/a; proxy_temp_path {{folder}}/b; fastcgi_temp_path {{folder}}/c;
                uwsgi_temp_path {{folder}}/d; scgi_temp_path {{folder}}/e;
                keepalive_requests 100; keepalive_timeout 1s;
                server { listen 127.0.0.1:{{plain}}; location / { return 200 "hello\n"; } }
                server { listen 127.0.0.1:{{second}} http2; location / { return 200 "hello\n"; } }
            }
            """;
        var path = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(path, configuration);
        return Process.Start(new ProcessStartInfo(nginx, ["-c", path, "-p", folder]) { RedirectStandardError = true })!;
    }
}
