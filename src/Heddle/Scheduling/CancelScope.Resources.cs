using System.Runtime.ExceptionServices;

namespace Heddle;

/// <content>What is closed when the scope is left.</content>
public sealed partial class CancelScope
{
    private ScopedResource? _lastResource;

    /// <summary>Whether nothing that it holds would be closed any more.</summary>
    internal bool IsLeft => _hasExited;

    internal bool HoldsResources => _lastResource is not null;

    /// <summary>This scope, or the next one out that is not the own one of a task which only runs one await of foreign code.</summary>
    internal CancelScope OfStarted
    {
        get
        {
            var scope = this;
            while (scope is { IsTaskScope: true, Host.IsImplicit: true, _parent: { } parent })
            {
                scope = parent;
            }

            return scope;
        }
    }

    internal void Hold(ScopedResource resource)
    {
        resource.HeldBy = this;
        resource.Previous = _lastResource;
        if (_lastResource is not null)
        {
            _lastResource.Next = resource;
        }

        _lastResource = resource;
        if (IsTaskScope && Host is not null)
        {
            Host.HasHeldResources = true;
        }
    }

    /// <summary>It is closed. Does nothing if it is not held.</summary>
    internal static void Release(ScopedResource resource)
    {
        if (resource.HeldBy is not { } scope)
        {
            return;
        }

        if (resource.Next is { } next)
        {
            next.Previous = resource.Previous;
        }
        else
        {
            scope._lastResource = resource.Previous;
        }

        if (resource.Previous is { } previous)
        {
            previous.Next = resource.Next;
        }

        resource.HeldBy = null;
        resource.Next = resource.Previous = null;
    }

    /// <summary>The same for a body that has ended with the result: if the closing fails, nobody gets it.</summary>
    internal async Coroutine CloseResourcesAsync(object? result)
    {
        try
        {
            await CloseResourcesAsync(isFailing: false);
        }
        catch (Exception) when (UnseenResults.IsOne(result))
        {
            await UnseenResults.DisposeAsync(Loop, null, result);
            throw;
        }
    }

    /// <summary>Closes all, the last first, and throws the first failure of it when all are closed.</summary>
    /// <param name="isFailing">Whether the scope is left by an exception, which goes on; then failures are reported.</param>
    internal async Coroutine CloseResourcesAsync(bool isFailing)
    {
        Exception? thrown = null;
        ScopedResource? begun = null;
        while (_lastResource is { } resource)
        {
            if (begun is null)
            {
                // Up to the first that has to wait for its turn, or the last of all.
                for (begun = resource; begun.TryBeginClosing() && begun.Previous is not null; begun = begun.Previous)
                {
                }
            }

            begun = ReferenceEquals(begun, resource) ? null : begun;
            Release(resource);
            try
            {
                await resource.CloseWithScopeAsync();
            }
            catch (Exception failure) when (isFailing || thrown is not null)
            {
                // A cancellation says nothing new.
                if (failure is not ScopeCanceledException)
                {
                    Loop.Report(LoopReports.CloseFailed(failure));
                }
            }
            catch (Exception failure)
            {
                thrown = failure;
            }
        }

        if (thrown is not null)
        {
            ExceptionDispatchInfo.Throw(thrown);
        }
    }
}
