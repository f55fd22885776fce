using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>The error numbers of Linux, as the BCL names them.</summary>
internal static class Errno
{
    internal const int EINTR = 4;
    internal const int EAGAIN = 11;
    internal const int EINPROGRESS = 115;

    /// <summary>Of the last system call of this thread.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();

    internal static SocketException LastException() => new((int)ToSocketError(Last));

    internal static SocketError ToSocketError(int errno) => errno switch
    {
        0 => SocketError.Success,
        1 or 13 => SocketError.AccessDenied,
        2 or 20 => SocketError.AddressNotAvailable,
        EINTR => SocketError.Interrupted,
        9 => SocketError.OperationAborted,
        EAGAIN => SocketError.WouldBlock,
        12 or 28 or 105 => SocketError.NoBufferSpaceAvailable,
        14 => SocketError.Fault,
        22 => SocketError.InvalidArgument,
        23 or 24 => SocketError.TooManyOpenSockets,
        32 => SocketError.Shutdown,
        64 => SocketError.NetworkDown,
        71 => SocketError.ConnectionAborted,
        88 => SocketError.NotSocket,
        89 => SocketError.DestinationAddressRequired,
        90 => SocketError.MessageSize,
        91 => SocketError.ProtocolType,
        92 => SocketError.ProtocolOption,
        93 => SocketError.ProtocolNotSupported,
        94 => SocketError.SocketNotSupported,
        95 => SocketError.OperationNotSupported,
        96 => SocketError.ProtocolFamilyNotSupported,
        97 => SocketError.AddressFamilyNotSupported,
        98 => SocketError.AddressAlreadyInUse,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        102 => SocketError.NetworkReset,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        106 => SocketError.IsConnected,
        107 => SocketError.NotConnected,
        108 => SocketError.Shutdown,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        114 => SocketError.AlreadyInProgress,
        EINPROGRESS => SocketError.InProgress,
        125 => SocketError.OperationAborted,
        _ => SocketError.SocketError,
    };
}
