using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Heddle.Testing;

namespace Heddle.Tests.Net;

/// <summary>Other programs' clients at Heddle's servers, and Heddle's clients at other programs' servers.</summary>
public sealed class NetworkPeerTests : IDisposable
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("heddle").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Curl_gets_a_page_from_a_server() => Run(async () =>
    {
        var curl = Peer.Require("curl");
        await using var server = TcpServer.Start(s_anyPort, AnswerHttpAsync);

        var page = await RunAsync(curl, "--silent", "--show-error", $"http://127.0.0.1:{server.Port}/one", $"http://127.0.0.1:{server.Port}/two");

        Assert.Equal("you asked for /oneyou asked for /two", page);
    });

    [Fact]
    public void Curl_gets_a_page_over_TLS() => Run(async () =>
    {
        var curl = Peer.Require("curl");
        using var certificate = Certificates.SelfSigned("localhost");
        await using var server = TcpServer.Start(s_anyPort, AnswerHttpAsync, new() { Tls = new() { ServerCertificate = certificate } });

        var page = await RunAsync(
            curl, "--silent", "--show-error", "--cacert", Write(certificate), "--ipv4", $"https://localhost:{server.Port}/secret");

        Assert.Equal("you asked for /secret", page);
    });

    [Fact]
    public void Openssl_talks_to_a_TLS_server() => Run(async () =>
    {
        var openssl = Peer.Require("openssl");
        using var certificate = Certificates.SelfSigned("localhost");
        await using var server = TcpServer.Start(s_anyPort, EchoAsync, new() { Tls = new() { ServerCertificate = certificate } });
        using var client = Start(
            openssl, "s_client", "-quiet", "-no_ign_eof", "-verify_return_error", "-CAfile", Write(certificate), "-connect", $"127.0.0.1:{server.Port}");

        await client.StandardInput.WriteLineAsync("hello from openssl").OrCanceled();
        var answer = await client.StandardOutput.ReadLineAsync().OrCanceled();
        client.StandardInput.Close();
        await client.WaitForExitAsync().OrCanceled();

        Assert.Equal("hello from openssl", answer);
    });

    [Fact]
    public void A_TLS_client_talks_to_openssl() => Run(async () =>
    {
        var openssl = Peer.Require("openssl");
        using var certificate = Certificates.SelfSigned("localhost");
        using var server = Start(openssl, "s_server", "-rev", "-accept", "127.0.0.1:0", "-cert", Write(certificate), "-key", WriteKey(certificate));
        var port = await PortOfOpensslAsync(server);

        try
        {
            await using var connection = await TcpConnection.ConnectAsync(
                "localhost", port, new() { Tls = new() { CertificateChainPolicy = Certificates.Trusting(certificate) } });
            connection.Writer.Write("backwards\n");

            Assert.Equal("sdrawkcab", await connection.Reader.ReadLineAsync());
        }
        finally
        {
            server.Kill();
        }
    });

    [Fact]
    public void Pythons_mail_client_starts_TLS_with_a_server() => Run(async () =>
    {
        var python = Peer.Require("python3");
        using var certificate = Certificates.SelfSigned("localhost");
        await using var server = TcpServer.Start(s_anyPort, async connection =>
        {
            connection.Writer.Write("220 here\r\n");
            while (await connection.Reader.ReadLineAsync() is { } line)
            {
                connection.Writer.Write(
                    line.StartsWith("ehlo", StringComparison.Ordinal) ? $"250-here\r\n250 {(connection.Tls is null ? "STARTTLS" : "SECURED")}\r\n"
                    : line == "STARTTLS" ? "220 go ahead\r\n"
                    : "221 bye\r\n");
                if (line == "STARTTLS")
                {
                    await connection.StartTlsAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate });
                }
            }
        });

        var output = await RunAsync(python, "-c", $$"""
            import smtplib, ssl
            with smtplib.SMTP('localhost', {{server.Port}}, timeout=60) as smtp:
                smtp.starttls(context=ssl.create_default_context(cafile={{Quote(Write(certificate))}}))
                smtp.ehlo()
                print(sorted(smtp.esmtp_features), smtp.sock.version())
            """);

        Assert.Equal("['secured'] TLSv1.3", output.Trim());
    });

    [Fact]
    public void A_client_starts_TLS_with_Python_streams() => Run(async () =>
    {
        var python = Peer.Require("python3");
        using var certificate = Certificates.SelfSigned("localhost");
        using var server = Start(python, "-c", $$"""
            import asyncio, ssl
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain({{Quote(Write(certificate))}}, {{Quote(WriteKey(certificate))}})
            async def handle(reader, writer):
                await reader.readline()
                writer.write(b'+OK\n')
                await writer.drain()
                await writer.start_tls(context)
                writer.write((await reader.readline()).upper())
                await writer.drain()
                writer.close()
            async def main():
                server = await asyncio.start_server(handle, '127.0.0.1', 0)
                print(server.sockets[0].getsockname()[1], flush=True)
                await server.serve_forever()
            asyncio.run(main())
            """);
        try
        {
            var port = int.Parse((await server.StandardOutput.ReadLineAsync().OrCanceled())!, System.Globalization.CultureInfo.InvariantCulture);
            await using var connection = await TcpConnection.ConnectAsync("127.0.0.1", port);
            connection.Writer.Write("STLS\n");
            Assert.Equal("+OK", await connection.Reader.ReadLineAsync());
            await connection.StartTlsAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = Certificates.Trusting(certificate) });

            connection.Writer.Write("secret\n");
            Assert.Equal("SECRET", await connection.Reader.ReadLineAsync());
        }
        finally
        {
            server.Kill();
        }
    });

    private static string Quote(string path) => $"'{path}'";

    [Fact]
    public void Python_streams_talk_to_a_server() => Run(async () =>
    {
        var python = Peer.Require("python3");
        await using var server = TcpServer.Start(s_anyPort, EchoAsync);

        var output = await RunAsync(python, "-c", $$"""
            import asyncio, os
            async def main():
                reader, writer = await asyncio.open_connection('127.0.0.1', {{server.Port}})
                sent = os.urandom(300_000)
                async def send():
                    for at in range(0, len(sent), 7_000):
                        writer.write(sent[at:at + 7_000])
                        await writer.drain()
                    writer.write_eof()
                received, _ = await asyncio.gather(reader.read(), send())
                print(received == sent, len(received))
                writer.close()
                await writer.wait_closed()
            asyncio.run(main())
            """);

        Assert.Equal("True 300000", output.Trim());
    });

    [Fact]
    public void A_client_talks_to_Python_streams() => Run(async () =>
    {
        var python = Peer.Require("python3");
        using var server = Start(python, "-c", """
            import asyncio
            async def handle(reader, writer):
                while line := await reader.readline():
                    writer.write(line.upper())
                    await writer.drain()
                writer.write(b'bye\n')
                writer.close()
            async def main():
                server = await asyncio.start_server(handle, '127.0.0.1', 0)
                print(server.sockets[0].getsockname()[1], flush=True)
                await server.serve_forever()
            asyncio.run(main())
            """);
        try
        {
            var port = int.Parse((await server.StandardOutput.ReadLineAsync().OrCanceled())!, System.Globalization.CultureInfo.InvariantCulture);
            await using var connection = await TcpConnection.ConnectAsync("127.0.0.1", port);

            connection.Writer.Write("one\ntwo\n");
            await connection.Writer.FinishAsync();
            var lines = new List<string>();
            await foreach (var line in connection.Reader.ReadLinesAsync())
            {
                lines.Add(line);
            }

            Assert.Equal(["ONE", "TWO", "bye"], lines);
        }
        finally
        {
            server.Kill();
        }
    });

    /// <summary>The clock stands still while the other programs work.</summary>
    private static void Run(Func<Coroutine> body) => VirtualTime.Run(body, new() { IdleGrace = TimeSpan.FromSeconds(60) });

    private static async Coroutine AnswerHttpAsync(TcpConnection connection)
    {
        while (await connection.Reader.ReadLineAsync() is { Length: > 0 } request)
        {
            while (await connection.Reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            var body = $"you asked for {request.Split(' ')[1]}";
            connection.Writer.Write($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            await connection.Writer.DrainAsync();
        }
    }

    private static async Coroutine EchoAsync(TcpConnection connection)
    {
        await foreach (var chunk in connection.Reader.ReadChunksAsync())
        {
            connection.Writer.Write(chunk.Span);
            await connection.Writer.DrainAsync();
        }
    }

    private static async Coroutine<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().OrCanceled();
        Assert.True(process.ExitCode == 0, await errors.OrCanceled());
        return await output.OrCanceled();
    }

    private static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Coroutine<int> PortOfOpensslAsync(Process server)
    {
        // It prints "ACCEPT 127.0.0.1:40123".
        var line = await server.StandardOutput.ReadLineAsync().OrCanceled();
        while (line is not null && !line.StartsWith("ACCEPT", StringComparison.Ordinal))
        {
            line = await server.StandardOutput.ReadLineAsync().OrCanceled();
        }

        return int.Parse(line!.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private string Write(X509Certificate2 certificate)
    {
        var file = Path.Combine(_folder, "certificate.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }

    private string WriteKey(X509Certificate2 certificate)
    {
        var file = Path.Combine(_folder, "key.pem");
        File.WriteAllText(file, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return file;
    }
}
