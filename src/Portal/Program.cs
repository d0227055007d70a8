var builder = WebApplication.CreateBuilder(args);
await using var app = builder.Build();
app.MapGet("/healthz", () => "ok");
await app.RunAsync();
