using Xunit;

// The program writes to the one console of the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
