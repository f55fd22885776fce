"""What the benchmarks of the network share: child programs on given cores, Debian's packages, medians, tables."""
