// What stands in for NVIDIA's management library: two cards, of which the second is too old to count its energy. Tests set what they say.

extern "C" {

unsigned long long fake_nvml_millijoules = 5000;
unsigned fake_nvml_milliwatts = 250000;
int fake_nvml_started = 0; // nvmlInit less nvmlShutdown
int fake_nvml_fails = 0;   // what nvmlInit gives

int nvmlInit_v2() { return fake_nvml_fails != 0 ? fake_nvml_fails : (++fake_nvml_started, 0); }
int nvmlShutdown() { return --fake_nvml_started, 0; }
int nvmlDeviceGetCount_v2(unsigned* count) { return *count = 2, 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
    static char cards[2];
    return index < 2 ? (*device = &cards[index], 0) : 6;
}
int nvmlDeviceGetHandleByUUID(const char* uuid, void** device) {
    const char* expected = "GPU-1234";
    for (; *expected != '\0' && *uuid == *expected; ++expected) ++uuid;
    return *expected == '\0' && *uuid == '\0' ? nvmlDeviceGetHandleByIndex_v2(0, device) : 6;
}
int nvmlDeviceGetUUID(void* device, char* uuid, unsigned length) {
    void* first = nullptr;
    nvmlDeviceGetHandleByIndex_v2(0, &first);
    if (device != first) return 3; // not supported
    constexpr char text[] = "GPU-1234";
    for (unsigned i = 0; i < sizeof text && i < length; ++i) uuid[i] = text[i];
    return 0;
}
int nvmlDeviceGetTotalEnergyConsumption(void* device, unsigned long long* millijoules) {
    void* first = nullptr;
    nvmlDeviceGetHandleByIndex_v2(0, &first);
    return device == first ? (*millijoules = fake_nvml_millijoules, 0) : 3; // not supported
}
int nvmlDeviceGetPowerUsage(void*, unsigned* milliwatts) { return *milliwatts = fake_nvml_milliwatts, 0; }
int nvmlDeviceGetName(void*, char* name, unsigned length) {
    constexpr char text[] = "A Card";
    for (unsigned i = 0; i < sizeof text && i < length; ++i) name[i] = text[i];
    return 0;
}
}
