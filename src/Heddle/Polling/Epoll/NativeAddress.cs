using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>End points from and to the kernel's <c>sockaddr</c>.</summary>
internal static unsafe class NativeAddress
{
    private const int AF_UNIX = 1;
    private const int AF_INET = 2;
    private const int AF_INET6 = 10;

    internal static int FamilyOf(EndPoint endPoint) => endPoint.AddressFamily switch
    {
        AddressFamily.InterNetwork => AF_INET,
        AddressFamily.InterNetworkV6 => AF_INET6,
        AddressFamily.Unix => AF_UNIX,
        _ => throw new SocketException((int)SocketError.AddressFamilyNotSupported),
    };

    internal static bool IsInternet(EndPoint endPoint)
        => endPoint.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;

    /// <summary>The BCL serialises an address in the form of the system it runs on.</summary>
    internal static ReadOnlySpan<byte> Write(EndPoint endPoint)
    {
        var address = endPoint.Serialize();
        return address.Buffer.Span[..address.Size];
    }

    /// <summary>Null for an address without a name, or of a family that is not known here.</summary>
    internal static EndPoint? Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < sizeof(ushort))
        {
            return null;
        }

        return MemoryMarshal.Read<ushort>(address) switch
        {
            AF_INET => new IPEndPoint(
                new IPAddress(address.Slice(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
            AF_INET6 => new IPEndPoint(
                new IPAddress(address.Slice(8, 16), MemoryMarshal.Read<uint>(address[24..])),
                BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
            AF_UNIX => ReadUnix(address),
            _ => null,
        };
    }

    private static UnixDomainSocketEndPoint? ReadUnix(ReadOnlySpan<byte> address)
    {
        var name = address[UnixNames.Offset..];
        return name.IsEmpty ? null : UnixNames.Read(name);
    }

    internal static EndPoint? OfSocket(int descriptor)
    {
        var address = stackalloc byte[Libc.MaxAddressLength];
        var length = Libc.MaxAddressLength;
        return Libc.getsockname(descriptor, address, &length) == 0
            ? Read(new ReadOnlySpan<byte>(address, Math.Min(length, Libc.MaxAddressLength)))
            : null;
    }
}
