using Portal.Core.Operations;

namespace Portal.Operations;

/// <summary>Makes an operation again from what the journal kept of it.</summary>
/// <param name="Kind">As <see cref="Operation.Kind"/>.</param>
public sealed record OperationKind(string Kind, Func<string, Operation> FromJson);
