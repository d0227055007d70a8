using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Portal.Agent.Node.Reading;

/// <summary>Hears from the kernel when a device comes, goes or changes (netlink(7), NETLINK_KOBJECT_UEVENT).</summary>
internal sealed partial class UeventSocket : IDisposable
{
    private const int NetlinkFamily = 16;
    private const int RawSocket = 3;
    private const int CloseOnExec = 0x80000;
    private const int KernelEvents = 15;

    private static ReadOnlySpan<byte> Block => "SUBSYSTEM=block\0"u8;

    private readonly Socket _socket;
    private readonly byte[] _message = new byte[8192];

    private UeventSocket(Socket socket) => _socket = socket;

    /// <summary>null where the kernel does not offer it: in a network namespace of a container that has a user namespace too.</summary>
    public static UeventSocket? TryOpen()
    {
        var file = OpenSocket(NetlinkFamily, RawSocket | CloseOnExec, KernelEvents);
        if (file < 0) return null;
        var socket = new Socket(new SafeSocketHandle(file, ownsHandle: true));
        if (Bind(file, new NetlinkAddress { Family = NetlinkFamily, Groups = 1 }, Marshal.SizeOf<NetlinkAddress>()) == 0) return new(socket);
        socket.Dispose();
        return null;
    }

    /// <summary>Completes with the next event of a block device.</summary>
    public async Task NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var length = await _socket.ReceiveAsync(_message, SocketFlags.None, cancel);
                if (_message.AsSpan(0, length).IndexOf(Block) >= 0) return;
            }
            catch (SocketException full) when (full.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                // Events came faster than they were read, and some are lost: anything may have changed.
                return;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int kind, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, in NetlinkAddress address, int length);

    [StructLayout(LayoutKind.Sequential)]
    private struct NetlinkAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint Process;
        public uint Groups;
    }
}
