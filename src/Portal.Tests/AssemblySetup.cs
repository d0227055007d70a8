global using Xunit;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Portal.Tests;

internal static class AssemblySetup
{
    // bUnit asks for a newer AngleSharp.Diffing than the feed holds; the one it holds serves.
    [ModuleInitializer]
    internal static void Init() => AssemblyLoadContext.Default.Resolving += (_, name) =>
        name.Name == "AngleSharp.Diffing" ? Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll")) : null;
}
