using System.Globalization;
using System.Text.Json;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;

namespace Portal.Tests.Core.Texts;

public sealed class MessageTests
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    [Fact]
    public void One_message_is_read_in_two_languages()
    {
        var message = StorageTexts.ComponentStarting("topolvm-node", 1, 4);

        Assert.Equal("topolvm-node is starting: 1 of 4 pods are ready.", message.English);
        Assert.Equal("topolvm-node 正在启动：4 个 Pod 中已有 1 个就绪。", message.In(Chinese));
    }

    [Fact]
    public void A_message_within_a_message_is_read_in_the_same_language()
    {
        var inner = StorageTexts.ComponentIdle("topolvm-lvmd");

        var outer = Message.Of(typeof(StorageTexts).FullName!, nameof(StorageTexts.PodUnscheduled), ("pod", "a"), ("detail", inner));

        Assert.Contains("尚未在任何节点上运行", outer.In(Chinese));
        Assert.Contains("runs on no node yet", outer.English);
    }

    [Fact]
    public void A_message_survives_the_journal()
    {
        var message = StorageTexts.PodEnded("p", "n", "c", 3, StorageTexts.ComponentIdle("x"));

        var read = JsonSerializer.Deserialize<Message>(JsonSerializer.Serialize(message))!;

        Assert.Equal(message, read);
        Assert.Equal(message.In(Chinese), read.In(Chinese));
    }

    [Fact]
    public void Braces_in_an_argument_are_not_taken_for_placeholders()
    {
        var message = StorageTexts.PodUnscheduled("{detail}", "text");

        Assert.Equal("Pod {detail} has no node yet. text", message.English);
    }
}
