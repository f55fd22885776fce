using Xunit.Sdk;
using Xunit.v3;

// Faults are the whole wiki's: what else ran beside would meet them too.
[assembly: Parallelization(Mode = ParallelMode.None)]
