namespace Portal.Core.Kubernetes;

/// <summary>The family of suffixes a quantity was written with, and is written with again.</summary>
public enum QuantityFormat
{
    /// <summary>n u m "" k M G T P E.</summary>
    DecimalSI,

    /// <summary>Ki Mi Gi Ti Pi Ei.</summary>
    BinarySI,

    /// <summary>e3, E-6.</summary>
    DecimalExponent,
}
