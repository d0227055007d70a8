using System.Collections.Immutable;
using Portal.Agent.Programs;

namespace Portal.Agent.Node.Reading;

/// <summary>Gathers what could not be read, so that the rest is read all the same.</summary>
internal sealed class Problems
{
    private readonly List<string> _said = [];

    public ImmutableArray<string> Said => [.. _said.Distinct()];

    /// <param name="otherwise">What is returned when it cannot be read.</param>
    public async Task<T> CatchAsync<T>(Func<Task<T>> read, T otherwise)
    {
        try
        {
            return await read();
        }
        catch (Exception failure) when (failure is ProgramException or FormatException or IOException or UnauthorizedAccessException)
        {
            _said.Add(failure.Message);
            return otherwise;
        }
    }
}
