using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Heddle.LowLevel;

namespace Heddle;

/// <content>The two operations that may be under way, each an object that serves again and again.</content>
internal sealed partial class TransportStream
{
    private abstract class Operation(TransportStream stream)
        : ILoopItem, IThreadPoolWorkItem, IIoCompletion<int>, IFailingCompletion, IValueTaskSource<int>, IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<int> _core;
        private CancellationTokenRegistration _registration;
        private CancellationToken _token;
        private IoResult<int> _ended;

        /// <summary>What the transport, or the caller's memory, threw.</summary>
        private Exception? _thrown;

        private Action? _settle;
        private int _isBusy;
        private bool _isLate;
        private GoingOn _goesOn;

        protected TransportStream Stream => stream;

        protected abstract string Doing { get; }

        /// <summary>What was done at once, or a task for what was not.</summary>
        protected ValueTask<int> Start(CancellationToken token)
        {
            if (token.IsCancellationRequested)
            {
                Forget();
                return ValueTask.FromCanceled<int>(token);
            }

            if (stream._loop.IsOnThread && TrySubmit() is { IsPending: false } result)
            {
                return result.IsSuccess ? Done(result.Value) : ValueTask.FromException<int>(Failure(result.Error));
            }

            var isOnThread = stream._loop.IsOnThread;
            _goesOn = isOnThread ? GoingOn.OnLoop : stream.GoesOn;
            var task = new ValueTask<int>(this, _core.Version);
            if (token.CanBeCanceled)
            {
                _token = token;
                _registration = token.UnsafeRegister(static (o, _) => ((Operation)o!).CancelFromAnywhere(), this);
            }

            if (!isOnThread)
            {
                stream._loop.SubmitFromOutside(this);
            }

            return task;
        }

        /// <summary>One at a time: what would come of two is nobody's to say.</summary>
        protected void Occupy()
        {
            ObjectDisposedException.ThrowIf(stream._isDisposed, stream);
            if (Interlocked.Exchange(ref _isBusy, 1) == 1)
            {
                throw IoFailures.Of(Doing, stream._transport.RemoteEndPoint, SocketError.AlreadyInProgress);
            }
        }

        public abstract long Place { get; }

        /// <summary>Does what can be done at once. Loop thread only.</summary>
        protected abstract IoResult<int> Submit();

        protected abstract IoResult<int> OnProgress(IoResult<int> result);

        protected abstract bool TryCancel();

        /// <summary>Lets go of the caller's memory.</summary>
        protected abstract void Clear();

        /// <summary>Was brought over to the loop: to begin, or to end.</summary>
        public void Run()
        {
            if (_isLate)
            {
                _isLate = false;
                End(_ended);
            }
            else if (_token.IsCancellationRequested)
            {
                End(new(SocketError.Interrupted));
            }
            else if (TrySubmit() is { IsPending: false } result)
            {
                End(result);
            }
        }

        public void Drop() => End(new(SocketError.OperationAborted));

        public void Complete(IoResult<int> result)
        {
            try
            {
                result = OnProgress(result);
            }
            catch (Exception failure)
            {
                result = Thrown(failure);
            }

            if (!result.IsPending)
            {
                EndOutsideOfTasks(result);
            }
        }

        public void Fail(Exception failure) => EndOutsideOfTasks(Thrown(failure));

        private void EndOutsideOfTasks(IoResult<int> end)
        {
            if (LoopTask.Current is null)
            {
                End(end);
            }
            else
            {
                // A task has closed the transport: what waits for this goes on after the task's step, not in it.
                _ended = end;
                _isLate = true;
                stream._loop.Enqueue(this);
            }
        }

        private IoResult<int> TrySubmit()
        {
            try
            {
                return Submit();
            }
            catch (Exception failure)
            {
                return Thrown(failure);
            }
        }

        private IoResult<int> Thrown(Exception failure)
        {
            _thrown = failure;
            return new(SocketError.Fault);
        }

        private Exception CreateFailure(SocketError error) => _thrown ?? IoFailures.Of(Doing, stream._transport.RemoteEndPoint, error);

        private ValueTask<int> Done(int value)
        {
            Forget();
            return new(value);
        }

        private Exception Failure(SocketError error)
        {
            var failure = CreateFailure(error);
            Forget();
            return failure;
        }

        private void End(IoResult<int> result)
        {
            _registration.Dispose();
            _registration = default;
            switch (_goesOn)
            {
                case GoingOn.OnHandshakeThreads:
                    _ended = result;
                    HandshakeThreads.Run(_settle ??= () => Settle(_ended));
                    break;
                case GoingOn.InPool:
                    _ended = result;
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    break;
                default:
                    Settle(result);
                    if (stream.FirstPlace != ILoopItem.NoPlace)
                    {
                        stream._loop.AwaitHttp();
                    }

                    break;
            }
        }

        void IThreadPoolWorkItem.Execute() => Settle(_ended);

        /// <summary>Tells whoever awaits it, who then goes on in this call.</summary>
        private void Settle(IoResult<int> result)
        {
            if (result.IsSuccess)
            {
                Clear();
                _core.SetResult(result.Value);
            }
            else
            {
                var isCanceled = result.Error == SocketError.Interrupted && _token.IsCancellationRequested;
                Clear();
                _core.SetException(isCanceled ? new OperationCanceledException(_token) : CreateFailure(result.Error));
            }
        }

        private void CancelFromAnywhere()
        {
            if (stream._loop.IsOnThread)
            {
                Cancel();
            }
            else
            {
                stream._loop.Submit(static o => o.Cancel(), this);
            }
        }

        private void Cancel()
        {
            if (_isBusy == 1 && _token.IsCancellationRequested && TryCancel())
            {
                Complete(new(SocketError.Interrupted));
            }
        }

        private void Forget()
        {
            Clear();
            _thrown = null;
            _token = default;
            Volatile.Write(ref _isBusy, 0);
        }

        int IValueTaskSource<int>.GetResult(short token) => GetResult(token);

        void IValueTaskSource.GetResult(short token) => GetResult(token);

        private int GetResult(short token)
        {
            try
            {
                return _core.GetResult(token);
            }
            finally
            {
                _core.Reset();
                Forget();
            }
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
            => _core.OnCompleted(continuation, state, token, flags);

        /// <summary>The same as a task without a value.</summary>
        protected ValueTask WithoutValue(ValueTask<int> started)
        {
            if (!started.IsCompleted)
            {
                return new(this, _core.Version);
            }

            if (!started.IsCompletedSuccessfully)
            {
                return new(started.AsTask());
            }

            // Begun on another thread, it may be the loop that has ended it meanwhile: taking the result frees this object.
            _ = started.Result;
            return default;
        }
    }

    private sealed class ReadOperation(TransportStream stream) : Operation(stream)
    {
        private Memory<byte> _buffer;

        public override long Place => ArrivalPlaces.Of(Stream.FirstPlace, ArrivalKind.Read);

        protected override string Doing => "Receiving from";

        internal ValueTask<int> StartReading(Memory<byte> buffer, CancellationToken token)
        {
            Occupy();
            _buffer = buffer;
            return Start(token);
        }

        protected override IoResult<int> Submit()
        {
            if (Stream.TakePrefix(_buffer.Span) is var count and > 0)
            {
                return new(count);
            }

            if (Stream.AlwaysAsks && !_buffer.IsEmpty)
            {
                Stream._transport.LookAnew();
            }

            return OnProgress(Stream._transport.Receive(_buffer, this));
        }

        protected override IoResult<int> OnProgress(IoResult<int> result)
        {
            Stream.HasEnded |= result is { IsSuccess: true, Value: 0 } && !_buffer.IsEmpty;
            return result;
        }

        protected override bool TryCancel() => Stream._transport.TryCancelReceive();

        protected override void Clear() => _buffer = default;
    }

    private sealed class WriteOperation(TransportStream stream) : Operation(stream)
    {
        private ReadOnlyMemory<byte> _left;

        public override long Place => ArrivalPlaces.Of(Stream.FirstPlace, ArrivalKind.Write);

        protected override string Doing => "Sending to";

        internal ValueTask StartWriting(ReadOnlyMemory<byte> buffer, CancellationToken token)
        {
            Occupy();
            _left = buffer;
            return WithoutValue(Start(token));
        }

        internal ValueTask<int> StartWritingCounted(ReadOnlyMemory<byte> buffer)
        {
            Occupy();
            _left = buffer;
            return Start(CancellationToken.None);
        }

        protected override IoResult<int> Submit() => OnProgress(new IoResult<int>(0));

        protected override IoResult<int> OnProgress(IoResult<int> result)
        {
            while (result.IsSuccess)
            {
                _left = _left[result.Value..];
                if (_left.IsEmpty)
                {
                    return new(0);
                }

                result = Stream._transport.Send(new(in _left), this);
            }

            return result;
        }

        protected override bool TryCancel() => Stream._transport.TryCancelSend();

        protected override void Clear() => _left = default;
    }
}
