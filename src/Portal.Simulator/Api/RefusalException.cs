using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>A request the server refuses; the answer is its <see cref="Status"/>.</summary>
public sealed class RefusalException(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;

    public JsonObject? Details { get; } = details;

    /// <summary>The body, shaped as the API's <c>Status</c>.</summary>
    public JsonObject Status()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
        };
        if (Details is not null) status["details"] = Details.DeepClone();
        status["code"] = Code;
        return status;
    }
}

/// <summary>One field that was refused: a cause in the details of a Status.</summary>
public sealed record FieldProblem(string Reason, string Field, string Message);
