using Xunit.Sdk;
using Xunit.v3;

// Each sample is a process of its own, and some of them wait for a second: two at a time.
[assembly: Parallelization(Mode = ParallelMode.All)]
