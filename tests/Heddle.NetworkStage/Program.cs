using Heddle;
using Heddle.NetworkStage;

// What takes too long, or too many descriptors, for the unit suite: eng/network/ci-stage.sh runs it. A word has it run the checks with that word only.
return args switch
{
    ["server", var poller] => EchoServer.Run(Poller.Of(poller)),
    ["default-server", var poller] => EchoServer.RunByDefault(Poller.Of(poller)),
    ["web-server"] => await WebServer.RunAsync(),
    [] => Stage.Run(""),
    [var word] => Stage.Run(word),
    _ => 2,
};
