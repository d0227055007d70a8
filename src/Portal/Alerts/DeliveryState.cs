namespace Portal.Alerts;

public enum DeliveryState
{
    Waiting,
    Sent,

    /// <summary>It was tried until it was too late to matter.</summary>
    GivenUp,
}
