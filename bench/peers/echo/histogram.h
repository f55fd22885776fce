// Latencies in constant memory, each kept to within 1/128 of its value.
#pragma once

#include <stdint.h>

enum { sub_bits = 7, sub_count = 1 << sub_bits, bucket_count = 64 * sub_count };

struct histogram {
    uint64_t total;
    uint64_t buckets[bucket_count];
};

static inline unsigned bucket_of(uint64_t value)
{
    if (value < sub_count)
        return (unsigned)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - sub_bits;
    return ((shift + 1) << sub_bits) + (unsigned)((value >> shift) - sub_count);
}

static inline uint64_t least_of(unsigned bucket)
{
    if (bucket < sub_count)
        return bucket;
    unsigned shift = (bucket >> sub_bits) - 1;
    return (uint64_t)(sub_count + (bucket & (sub_count - 1))) << shift;
}

static inline void add(struct histogram *histogram, uint64_t value)
{
    histogram->total++;
    histogram->buckets[bucket_of(value)]++;
}

// The least value that the given part of all does not exceed; 0 if there is none.
static inline uint64_t percentile(const struct histogram *histogram, double part)
{
    uint64_t rank = (uint64_t)(part * (double)histogram->total), seen = 0;
    for (unsigned bucket = 0; bucket < bucket_count; bucket++) {
        seen += histogram->buckets[bucket];
        if (seen > rank)
            return least_of(bucket);
    }
    return 0;
}
