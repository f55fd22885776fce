namespace Heddle;

/// <summary>What a delegation needs of the generator that it goes to, whatever that yields and takes.</summary>
internal interface IGeneratorBody
{
    GeneratorRunner Runner { get; }

    bool IsRunning { get; }

    bool TryMakeReady();

    Exception? RunToClose();

    Exception? Close();

    Exception? TakeFailure();
}
