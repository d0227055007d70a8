namespace Portal.Simulator.Life.TopoLvm;

/// <summary>gRPC's numbers for failures, as they stand in a LogicalVolume's status, and their names, as they stand in events.</summary>
internal static class GrpcCode
{
    public const int InvalidArgument = 3;
    public const int NotFound = 5;
    public const int ResourceExhausted = 8;
    public const int OutOfRange = 11;
    public const int Unimplemented = 12;
    public const int Internal = 13;

    public static string NameOf(int code) => code switch
    {
        InvalidArgument => "InvalidArgument",
        NotFound => "NotFound",
        6 => "AlreadyExists",
        ResourceExhausted => "ResourceExhausted",
        OutOfRange => "OutOfRange",
        Unimplemented => "Unimplemented",
        Internal => "Internal",
        _ => "Unknown",
    };
}
