using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>The refusals of the API server, worded as it words them.</summary>
internal static class Refusal
{
    public static RefusalException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.GroupResource} \"{name}\" not found", Details(type.Group, type.Plural, name));

    /// <summary>The path names no resource: a subresource that is not there.</summary>
    public static RefusalException NoSuchResource() =>
        new(404, "NotFound", "the server could not find the requested resource", []);

    public static RefusalException AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.GroupResource} \"{name}\" already exists", Details(type.Group, type.Plural, name));

    public static RefusalException Conflict(ResourceType type, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.GroupResource} \"{name}\": {why}", Details(type.Group, type.Plural, name));

    public static RefusalException Modified(ResourceType type, string name) =>
        Conflict(type, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static RefusalException Forbidden(ResourceType type, string name, string why, JsonArray? causes = null)
    {
        var details = Details(type.Group, type.Plural, name);
        if (causes is not null) details["causes"] = causes;
        var subject = name.Length == 0 ? type.GroupResource : $"{type.GroupResource} \"{name}\"";
        return new(403, "Forbidden", $"{subject} is forbidden: {why}", details);
    }

    public static RefusalException BadRequest(string why) => new(400, "BadRequest", why);

    public static RefusalException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static RefusalException UnsupportedMediaType(string allowed) =>
        new(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: " + allowed);

    public static RefusalException NotAcceptable() =>
        new(406, "NotAcceptable", "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf");

    public static RefusalException Expired(string why) => new(410, "Expired", why);

    public static RefusalException TooOld(long asked, long oldest) =>
        Expired(string.Create(CultureInfo.InvariantCulture, $"too old resource version: {asked} ({oldest})"));

    public static RefusalException Internal(string why) =>
        new(500, "InternalError", "Internal error occurred: " + why, new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = why }) });

    public static RefusalException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static RefusalException Invalid(ResourceType type, string name, IReadOnlyList<FieldProblem> problems)
    {
        var texts = problems.Select(problem => $"{problem.Field}: {problem.Message}").ToArray();
        var all = texts.Length == 1 ? texts[0] : "[" + string.Join(", ", texts) + "]";
        var groupKind = type.Group.Length == 0 ? type.Kind : type.Kind + "." + type.Group;
        var details = Details(type.Group, type.Kind, name);
        details["causes"] = new JsonArray([.. problems.Select(problem => Cause(problem.Reason, problem.Message, problem.Field))]);
        return new(422, "Invalid", $"{groupKind} \"{name}\" is invalid: {all}", details);
    }

    public static JsonObject Cause(string reason, string message, string field) =>
        new() { ["reason"] = reason, ["message"] = message, ["field"] = field };

    private static JsonObject Details(string group, string kind, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0) details["name"] = name;
        if (group.Length > 0) details["group"] = group;
        details["kind"] = kind;
        return details;
    }
}
