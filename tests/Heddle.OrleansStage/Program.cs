using Heddle.OrleansStage;

// What needs a Redis server and silos in processes of their own: eng/orleans/ci-stage.sh runs it.
return args switch
{
    ["caller", var redis, var cluster, var folder] => VanishedCaller.Call(redis, cluster, folder),
    ["suspended", var redis, var cluster, var folder] => SuspendedCaller.Call(redis, cluster, folder),
    [var redis, var silo] => Stage.Run(new(redis, silo)),
    _ => 2,
};
