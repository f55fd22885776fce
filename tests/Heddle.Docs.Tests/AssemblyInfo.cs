using Xunit.Sdk;
using Xunit.v3;

// Samples are captured by redirecting the console, which is one for the process.
[assembly: Parallelization(Mode = ParallelMode.None)]
