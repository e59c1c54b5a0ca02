/* rest - functions of libusb that librtlsdr 0.6.0 does not call. A call that
 * went past this library would meet the real one, with handles it never made.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stddef.h>

#include "tests/dongle/usb.h"

static const uint8_t bus = 1, first_address = 10;

libusb_device *libusb_get_device(libusb_device_handle *h)
{
    return h->device;
}

uint8_t libusb_get_bus_number(libusb_device *device)
{
    (void)device;
    return bus;
}

uint8_t libusb_get_device_address(libusb_device *device)
{
    return (uint8_t)(first_address + device->number);
}

uint8_t libusb_get_port_number(libusb_device *device)
{
    return (uint8_t)(1 + device->number);
}

int libusb_get_port_numbers(libusb_device *device, uint8_t *numbers, int room)
{
    if (room < 1)
        return LIBUSB_ERROR_OVERFLOW;
    numbers[0] = libusb_get_port_number(device);
    return 1;
}

libusb_device *libusb_get_parent(libusb_device *device)
{
    (void)device;
    return NULL;
}

int libusb_get_device_speed(libusb_device *device)
{
    (void)device;
    return LIBUSB_SPEED_HIGH;
}

int libusb_get_max_packet_size(libusb_device *device, unsigned char endpoint)
{
    (void)device;
    return endpoint == 0x81 ? 512 : LIBUSB_ERROR_NOT_FOUND;
}

libusb_device_handle *libusb_open_device_with_vid_pid(libusb_context *context,
                                                      uint16_t vid,
                                                      uint16_t pid)
{
    libusb_device_handle *h = NULL;
    libusb_device **list = NULL;
    ssize_t n = libusb_get_device_list(context, &list);

    for (ssize_t i = 0; i < n && h == NULL; i++) {
        const struct dongle_cfg *cfg = &list[i]->dongle->cfg;
        if (cfg->vid == vid && cfg->pid == pid && libusb_open(list[i], &h) != 0)
            h = NULL;
    }
    libusb_free_device_list(list, 1);
    return h;
}

int libusb_get_configuration(libusb_device_handle *h, int *configuration)
{
    (void)h;
    *configuration = 1;
    return 0;
}

int libusb_set_configuration(libusb_device_handle *h, int configuration)
{
    (void)h;
    return configuration == 1 ? 0 : LIBUSB_ERROR_NOT_FOUND;
}

int libusb_set_interface_alt_setting(libusb_device_handle *h, int interface,
                                     int setting)
{
    (void)h;
    return interface == 0 && setting == 0 ? 0 : LIBUSB_ERROR_NOT_FOUND;
}

int libusb_clear_halt(libusb_device_handle *h, unsigned char endpoint)
{
    (void)h;
    (void)endpoint;
    return 0;
}

int libusb_reset_device(libusb_device_handle *h)
{
    (void)h;
    return 0;
}

int libusb_set_auto_detach_kernel_driver(libusb_device_handle *h, int is_on)
{
    (void)h;
    (void)is_on;
    return LIBUSB_ERROR_NOT_SUPPORTED;
}

int libusb_get_active_config_descriptor(libusb_device *device,
                                        struct libusb_config_descriptor **to)
{
    (void)device;
    *to = NULL;
    return LIBUSB_ERROR_NOT_SUPPORTED;
}

int libusb_get_config_descriptor(libusb_device *device, uint8_t index,
                                 struct libusb_config_descriptor **to)
{
    (void)index;
    return libusb_get_active_config_descriptor(device, to);
}

void libusb_free_config_descriptor(struct libusb_config_descriptor *config)
{
    (void)config;
}

int libusb_wrap_sys_device(libusb_context *context, intptr_t system,
                           libusb_device_handle **to)
{
    (void)context;
    (void)system;
    *to = NULL;
    return LIBUSB_ERROR_NOT_SUPPORTED;
}

int libusb_hotplug_register_callback(libusb_context *context, int events,
                                     int flags, int vendor, int product,
                                     int class, libusb_hotplug_callback_fn call,
                                     void *data,
                                     libusb_hotplug_callback_handle *to)
{
    (void)context;
    (void)events;
    (void)flags;
    (void)vendor;
    (void)product;
    (void)class;
    (void)call;
    (void)data;
    (void)to;
    return LIBUSB_ERROR_NOT_SUPPORTED;
}

void libusb_hotplug_deregister_callback(libusb_context *context,
                                        libusb_hotplug_callback_handle handle)
{
    (void)context;
    (void)handle;
}

int libusb_has_capability(uint32_t capability)
{
    return capability == LIBUSB_CAP_HAS_CAPABILITY ||
           capability == LIBUSB_CAP_SUPPORTS_DETACH_KERNEL_DRIVER;
}

int libusb_set_option(libusb_context *context, enum libusb_option option, ...)
{
    (void)context;
    (void)option;
    return 0;
}

void libusb_set_debug(libusb_context *context, int level)
{
    (void)context;
    (void)level;
}

void libusb_interrupt_event_handler(libusb_context *context)
{
    (void)context;
    usb_lock();
    usb_wake();
    usb_unlock();
}

const struct libusb_version *libusb_get_version(void)
{
    static const struct libusb_version version = {
        1, 0, 26, 11724, "", "emulated dongle"
    };

    return &version;
}

const char *libusb_error_name(int error)
{
    static const struct {
        int error;
        const char *name;
    } names[] = {
        { LIBUSB_SUCCESS, "LIBUSB_SUCCESS" },
        { LIBUSB_ERROR_IO, "LIBUSB_ERROR_IO" },
        { LIBUSB_ERROR_INVALID_PARAM, "LIBUSB_ERROR_INVALID_PARAM" },
        { LIBUSB_ERROR_ACCESS, "LIBUSB_ERROR_ACCESS" },
        { LIBUSB_ERROR_NO_DEVICE, "LIBUSB_ERROR_NO_DEVICE" },
        { LIBUSB_ERROR_NOT_FOUND, "LIBUSB_ERROR_NOT_FOUND" },
        { LIBUSB_ERROR_BUSY, "LIBUSB_ERROR_BUSY" },
        { LIBUSB_ERROR_TIMEOUT, "LIBUSB_ERROR_TIMEOUT" },
        { LIBUSB_ERROR_OVERFLOW, "LIBUSB_ERROR_OVERFLOW" },
        { LIBUSB_ERROR_PIPE, "LIBUSB_ERROR_PIPE" },
        { LIBUSB_ERROR_INTERRUPTED, "LIBUSB_ERROR_INTERRUPTED" },
        { LIBUSB_ERROR_NO_MEM, "LIBUSB_ERROR_NO_MEM" },
        { LIBUSB_ERROR_NOT_SUPPORTED, "LIBUSB_ERROR_NOT_SUPPORTED" },
        { LIBUSB_ERROR_OTHER, "LIBUSB_ERROR_OTHER" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].error == error)
            return names[i].name;
    return "**UNKNOWN**"; /* as libusb says it */
}

const char *libusb_strerror(int error)
{
    return libusb_error_name(error);
}
