using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>A container that starts: where, in which pod, and what it is.</summary>
public sealed record ContainerStart(SimulatedNode Node, KubeObject Pod, JsonObject Container, ClusterObjects Objects)
{
    /// <summary>Program and arguments, as the container names them.</summary>
    public IEnumerable<string> CommandLine => Container.Texts("command").Concat(Container.Texts("args"));

    /// <summary>The tag of the image; "" when there is none.</summary>
    public string ImageTag => Container.Text("image").Split('/')[^1].Split('@')[0].Split(':') is [_, var tag] ? tag : "";

    /// <summary>Writes a line to the container's log.</summary>
    public void Say(string line) => Node.Logs.Write(Pod.Metadata.Uid, Container.Text("name"), line);

    public bool HasVariable(string name) => Container.Objects("env").Any(variable => variable.Text("name") == name);
}

/// <summary>A program that has an effect on its node; containers of other programs only run.</summary>
public interface INodeProgram
{
    /// <summary>Whether the container runs this program, by the last part of its command.</summary>
    bool Is(string executable);

    /// <summary>Starts the program: null when it runs, else what it says before it exits with code 1.</summary>
    string? Start(ContainerStart start);

    /// <summary>What the running program of that pod says before it exits with code 1; null while it goes on.</summary>
    string? WhyItEnds(SimulatedNode node, string podUid);

    /// <summary>Ends what the program of that pod does on the node; its container will be started again.</summary>
    void Exit(SimulatedNode node, string podUid);

    /// <summary>Ends everything that the pod does on the node.</summary>
    void Stop(SimulatedNode node, string podUid);
}
