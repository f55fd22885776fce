namespace Heddle;

/// <summary>The result of a coroutine that has none, so that every frame is a <see cref="Frame{T}"/>.</summary>
internal readonly struct Nothing;
