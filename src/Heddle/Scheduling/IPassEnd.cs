namespace Heddle;

/// <summary>Something to be done once the pass is over, such as sending what several steps have written.</summary>
internal interface IPassEnd
{
    /// <summary>On the loop's thread, while no task is current. Must not throw.</summary>
    void OnPassEnd();
}
