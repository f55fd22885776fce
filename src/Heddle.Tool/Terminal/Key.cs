namespace Heddle.Tool.Terminal;

/// <summary>What a key asks for.</summary>
internal enum KeyKind
{
    /// <summary>Text to insert: one character typed, or many pasted.</summary>
    Text,
    Enter,
    NewLine,
    Tab,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    WordLeft,
    WordRight,
    DeleteWordLeft,
    DeleteWordRight,
    CutToEnd,
    CutToStart,
    PasteCut,
    ClearScreen,
    Search,
    Tasks,
    Interrupt,
    EndOfInput,
    Ignored,
}

/// <summary>One key, or one paste.</summary>
internal readonly record struct Key(KeyKind Kind, string Text = "");
