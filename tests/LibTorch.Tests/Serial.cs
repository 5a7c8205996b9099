// The count of live tensors, the seed and the number of threads belong to the process: tests that look at them cannot run side by side.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
