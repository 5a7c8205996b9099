namespace ModelInspector.Models;

/// <summary>A network whose run can be kept step by step, so that rules other than the derivative's can lead back through it.</summary>
public interface IRecordableModel : IDifferentiableModel
{
    /// <summary>Runs the network once and keeps what every step read and gave.</summary>
    /// <param name="inputs">As for <see cref="IModel.Run"/>.</param>
    Recording Record(Inputs inputs);
}
