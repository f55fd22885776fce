using System.Net;

namespace Heddle;

/// <summary>What a pipe leads to, by the name that errors and descriptions call it.</summary>
internal sealed class PipeEndPoint(string name) : EndPoint
{
    public override string ToString() => name;
}
