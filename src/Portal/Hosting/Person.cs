namespace Portal.Hosting;

/// <summary>Who acts. There is no sign-in yet, and only this machine reaches the portal: it is the account the portal runs as.</summary>
public sealed record Person(string Name)
{
    public static Person OfThisProcess => new(Environment.UserName);
}
