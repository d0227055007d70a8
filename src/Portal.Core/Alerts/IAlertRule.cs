using Portal.Core.Texts;

namespace Portal.Core.Alerts;

/// <summary>One kind of thing that is worth an alert.</summary>
public interface IAlertRule
{
    /// <summary>Its name in addresses and in what is sent: "thin-pool-data".</summary>
    string Id { get; }

    /// <summary>What it watches, in a few words.</summary>
    Message Title { get; }

    /// <summary>What is the matter now; one alert for each object.</summary>
    IEnumerable<Alert> Find(AlertFacts facts);
}
