using Bunit;
using Portal.Components;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Tests.Portal.Components;

public sealed class ActionButtonTests : BunitContext
{
    // A certificate of the kubeconfig can run out while a page is open.
    [Fact]
    public void A_kubeconfig_that_cannot_be_used_any_more_is_said_beside_the_button()
    {
        var problem = Message.Verbatim("The client certificate expired.");
        var button = Render<ActionButton>(parameters => parameters.Add(shown => shown.Text, "Install").Add(shown => shown.Action, () => throw new KubeconfigException(problem)));

        button.Find("button").Click();

        button.WaitForAssertion(() => Assert.Contains("The client certificate expired.", button.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }
}
