using Heddle;
using Heddle.NetworkStage;

// What takes too long, or too many descriptors, for the unit suite: eng/network/ci-stage.sh runs it.
return args switch
{
    ["server", var poller] => EchoServer.Run(Poller.Of(poller)),
    [] => Stage.Run(),
    _ => 2,
};
