using System.IO.Pipes;
using System.Net;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The descriptors of one child: its own ends, and this program's.</summary>
/// <remarks>
/// Each is opened so that no child inherits it, whichever thread starts one meanwhile: only what is copied to 0, 1 and 2 in the
/// child is the child's. So no other child keeps a pipe open.
/// </remarks>
internal sealed unsafe class ChildStreams : IDisposable
{
    /// <summary>By the number in the child; -1 for what it inherits.</summary>
    private readonly int[] _child = [-1, -1, -1];

    private readonly int[] _own = [-1, -1, -1];

    internal ChildStreams(ProcessStart start)
    {
        try
        {
            Open(start, 0, start.StandardInput);
            Open(start, 1, start.StandardOutput);
            if (start.StandardError.Kind == ProcessStreamKind.StandardOutput)
            {
                _child[2] = Copy(start, _child[1] >= 0 ? _child[1] : 1);
            }
            else
            {
                Open(start, 2, start.StandardError);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Has the child begin with them.</summary>
    internal int AddTo(void* actions)
    {
        for (var number = 0; number < _child.Length; number++)
        {
            if (_child[number] >= 0
                && ProcessCalls.posix_spawn_file_actions_adddup2(actions, _child[number], number) is var error and not 0)
            {
                return error;
            }
        }

        return 0;
    }

    /// <summary>This program's end, for a loop; null if it is no pipe.</summary>
    internal StreamTransport? TakeOwn(IDescriptorPoller poller, int number, EndPoint name)
    {
        var descriptor = _own[number];
        if (descriptor < 0)
        {
            return null;
        }

        _own[number] = -1;
        return poller.OpenPipe(descriptor, number == 0 ? PipeDirection.Out : PipeDirection.In, name);
    }

    public void Dispose()
    {
        CloseAll(_child);
        CloseAll(_own);
    }

    private void Open(ProcessStart start, int number, ProcessStream stream)
    {
        switch (stream.Kind)
        {
            case ProcessStreamKind.Pipe:
                OpenPipe(start, number);
                break;
            case ProcessStreamKind.Null:
                _child[number] = OpenFile(start, number, "/dev/null", number == 0 ? ProcessCalls.O_RDONLY : ProcessCalls.O_WRONLY);
                break;
            case ProcessStreamKind.File when number == 0:
                _child[number] = OpenFile(start, number, stream.Path!, ProcessCalls.O_RDONLY);
                break;
            case ProcessStreamKind.File or ProcessStreamKind.AppendToFile:
                var mode = stream.Kind == ProcessStreamKind.File ? ProcessCalls.O_TRUNC : ProcessCalls.O_APPEND;
                _child[number] = OpenFile(start, number, stream.Path!, ProcessCalls.O_WRONLY | ProcessCalls.O_CREAT | mode);
                break;
        }
    }

    private void OpenPipe(ProcessStart start, int number)
    {
        var ends = stackalloc int[2];
        if (ProcessCalls.pipe2(ends, ProcessCalls.O_CLOEXEC) != 0)
        {
            throw StartFailures.Of(start, Errno.Last);
        }

        var (child, own) = number == 0 ? (ends[0], ends[1]) : (ends[1], ends[0]);
        _own[number] = own;
        _child[number] = AwayFromStandard(start, child);
        if (ProcessCalls.fcntl(own, ProcessCalls.F_SETFL, ProcessCalls.O_NONBLOCK) != 0)
        {
            throw StartFailures.Of(start, Errno.Last);
        }
    }

    private static int OpenFile(ProcessStart start, int number, string path, int flags)
    {
        const int ReadAndWriteForAll = 0x1B6;
        var descriptor = ProcessCalls.open(path, flags | ProcessCalls.O_CLOEXEC, ReadAndWriteForAll);
        return descriptor >= 0 ? AwayFromStandard(start, descriptor) : throw StartFailures.OfFile(start, number, path, Errno.Last);
    }

    /// <summary>In a program that was started with one of the standard descriptors closed, another may have its number, and must not be overwritten in the child.</summary>
    private static int AwayFromStandard(ProcessStart start, int descriptor)
    {
        if (descriptor > 2)
        {
            return descriptor;
        }

        try
        {
            return Copy(start, descriptor);
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    private static int Copy(ProcessStart start, int descriptor)
        => ProcessCalls.fcntl(descriptor, ProcessCalls.F_DUPFD_CLOEXEC, 3) is var copy and >= 0 ? copy : throw StartFailures.Of(start, Errno.Last);

    private static void CloseAll(int[] descriptors)
    {
        for (var i = 0; i < descriptors.Length; i++)
        {
            if (descriptors[i] >= 0)
            {
                _ = Libc.close(descriptors[i]);
                descriptors[i] = -1;
            }
        }
    }
}
