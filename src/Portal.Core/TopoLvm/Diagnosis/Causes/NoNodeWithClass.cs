namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>No node offers the device class that a StorageClass asks for.</summary>
internal sealed class NoNodeWithClass : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var room in one.Rooms)
        {
            foreach (var deviceClass in room.Claims.Select(claim => claim.DeviceClass!).Distinct())
            {
                if (room.Nodes.Any(node => node.Classes.Any(found => found.DeviceClass == deviceClass && found.Available is not null))) continue;
                var claim = room.Claims.First(claim => claim.DeviceClass == deviceClass);
                var groups = one.Around.Storage.LvmdGroups;
                var isConfigured = groups.Any(group => group.Config.Find(Room.FileName(deviceClass)) is not null);
                yield return new(nameof(NoNodeWithClass), DiagnosisTexts.NoNodeWithClass(Naming.OfClass(deviceClass), claim.Class!.Metadata.Name),
                    isConfigured ? DiagnosisTexts.NoNodeWithClassRemedyWait(Naming.OfClass(deviceClass)) : DiagnosisTexts.NoNodeWithClassRemedy(Naming.OfClass(deviceClass), claim.Class.Metadata.Name))
                {
                    Place = new(MendingPage.DeviceClasses),
                    Evidence = [.. groups.Select(group => Witness.Of("ConfigMap", group.ConfigMapObject, DiagnosisTexts.FileHasClasses(string.Join(", ", group.Config.DeviceClasses.Select(found => found.Name)))))],
                };
            }
        }
    }
}
