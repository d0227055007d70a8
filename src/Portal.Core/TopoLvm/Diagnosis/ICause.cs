namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>One thing that keeps pods, claims, volumes or nodes from being what they should be.</summary>
internal interface ICause
{
    /// <summary>Every instance of the cause in a case; none where it does not apply, or nothing proves it.</summary>
    IEnumerable<Finding> Find(Case one);
}
