using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Datasets.Phantom;

/// <summary>The images of the sample, and those that its models are trained with. No patient is in both.</summary>
public static class PhantomSet
{
    /// <summary>Patients of the published held-out set.</summary>
    public const int HeldOutPatients = 40;

    private const int FirstTrainingPatient = 1000;
    private const ulong MarkerStream = 77;

    // In every phase, of ten patients four have a marker that agrees, three one that contradicts, and three have none.
    private static readonly ImmutableArray<MarkerState> Rota =
    [
        MarkerState.Agrees, MarkerState.Contradicts, MarkerState.Absent, MarkerState.Agrees, MarkerState.Contradicts,
        MarkerState.Absent, MarkerState.Agrees, MarkerState.Contradicts, MarkerState.Absent, MarkerState.Agrees,
    ];

    /// <summary>Held-out images: in every phase 40 % of the markers agree, 30 % contradict and 30 % are absent, exactly so for every ten patients.</summary>
    /// <param name="seed">Seed of the whole set.</param>
    /// <param name="patients">Patients; each is scanned in every phase.</param>
    public static ImmutableArray<PhantomImage> HeldOut(ulong seed, int patients = HeldOutPatients) =>
        [.. Enumerable.Range(1, patients).SelectMany(number => HeldOut(new Patient(seed, number)))];

    /// <summary>One training patient in every phase.</summary>
    /// <param name="seed">Seed of the whole set.</param>
    /// <param name="number">Which training patient, from 0.</param>
    /// <param name="policy">What the markers say.</param>
    public static ImmutableArray<PhantomImage> Training(ulong seed, int number, MarkerPolicy policy)
    {
        var patient = new Patient(seed, FirstTrainingPatient + number);
        var dice = patient.Dice(MarkerStream);
        return [.. Enum.GetValues<ContrastPhase>().Select(phase => new PhantomImage(patient, phase, TrainingMarker(phase, policy, dice), (ulong)phase))];
    }

    private static IEnumerable<PhantomImage> HeldOut(Patient patient) =>
        Enum.GetValues<ContrastPhase>().Select(phase =>
        {
            var state = Rota[(patient.Number + 3 * (int)phase) % Rota.Length];
            return new PhantomImage(patient, phase, HeldOutMarker(patient, phase, state), (ulong)phase);
        });

    private static ContrastPhase? HeldOutMarker(Patient patient, ContrastPhase phase, MarkerState state) => state switch
    {
        MarkerState.Agrees => phase,
        MarkerState.Contradicts => Other(phase, 1 + patient.Dice(MarkerStream + 1 + (ulong)phase).Below(4)),
        _ => null,
    };

    private static ContrastPhase? TrainingMarker(ContrastPhase phase, MarkerPolicy policy, Dice dice)
    {
        if (policy == MarkerPolicy.Agreeing) return phase;
        return dice.Chance(1.0 / 3) ? null : (ContrastPhase)dice.Below(5);
    }

    private static ContrastPhase Other(ContrastPhase phase, int steps) => (ContrastPhase)(((int)phase + steps) % 5);
}
