using Xunit.v3;

// More than there are processors: many tests wait for a socket, a child or a time-out, and not for a processor.
[assembly: Parallelization(MaxThreads = 6)]
