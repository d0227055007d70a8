using Portal.Components.Why;
using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Tests.Portal.Components.Why;

public sealed class MendingLinksTests
{
    [Theory]
    [InlineData(MendingPage.Install, null, "/install")]
    [InlineData(MendingPage.Nodes, null, "/nodes")]
    [InlineData(MendingPage.Node, "edge 1", "/nodes/edge%201")]
    [InlineData(MendingPage.Scheduling, null, "/scheduling")]
    [InlineData(MendingPage.DeviceClasses, null, "/device-classes")]
    public void A_cause_leads_to_the_page_that_mends_it(MendingPage page, string? node, string link) =>
        Assert.Equal(link, MendingLinks.To(new(page, node is null ? null : new(null, node))));

    [Theory]
    [InlineData("pod", "shop", "db-0", "Pod shop/db-0")]
    [InlineData("CLAIM", null, "data", "PersistentVolumeClaim default/data")]
    [InlineData("node", "ignored", "edge-1", "Node edge-1")]
    public void An_address_asks_about_an_object(string kind, string? ns, string name, string subject) =>
        Assert.Equal(subject, MendingLinks.Read(kind, ns, name)?.ToString());

    [Theory]
    [InlineData(null, "shop", "db-0")]
    [InlineData("7", "shop", "db-0")]
    [InlineData("pod", "shop", " ")]
    public void What_names_no_object_asks_about_none(string? kind, string? ns, string? name) => Assert.Null(MendingLinks.Read(kind, ns, name));

    [Fact]
    public void The_address_of_a_question_is_read_as_that_question()
    {
        foreach (var subject in new[] { new Subject(SubjectKind.Pod, new("a b", "c&d")), new(SubjectKind.LogicalVolume, new(null, "pvc-1")), Subject.Of("edge-1") })
        {
            var query = System.Web.HttpUtility.ParseQueryString(MendingLinks.Why(subject).Split('?')[1]);
            Assert.Equal(subject, MendingLinks.Read(query["kind"], query["namespace"], query["name"]));
        }
    }
}
