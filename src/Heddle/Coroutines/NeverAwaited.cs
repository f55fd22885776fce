using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>In debug mode: watches over a coroutine until it is awaited or handed over, and reports one that is collected before that.</summary>
internal sealed class NeverAwaited
{
    private static readonly ConditionalWeakTable<Frame, NeverAwaited> s_watched = [];

    private readonly Runner? _maker = Runner.Current;
    private readonly string? _place;
    private readonly string? _name;

    private NeverAwaited(string? name)
    {
        _name = name;
        _place = DebugMode.NotesPlaces ? Places.OfCaller(made: name) : null;
    }

    ~NeverAwaited()
    {
        var message = $"{(_name is null ? "A coroutine" : $"The coroutine {_name}")}{(_place is null ? "" : $", made in {_place},")} was never awaited, "
            + "so none of it has run. Write 'await' before the call, or start it as a task.";
        if (_maker is not null)
        {
            _maker.ReportForgotten(message);
        }
        else
        {
            StandardError.WriteLine($"heddle: {message}");
        }
    }

    internal static void Watch(Frame frame) => s_watched.AddOrUpdate(frame, new NeverAwaited(frame.Name));

    /// <summary>It has an owner from now on.</summary>
    internal static void Forget(Frame frame)
    {
        if (s_watched.TryGetValue(frame, out var watch))
        {
            GC.SuppressFinalize(watch);
            s_watched.Remove(frame);
        }
    }
}
