#pragma once

// A port before the socket of a server, whose connections can be cut, as by a cable.

#include "catch.hpp"

#include <atomic>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

class cutting_proxy {
public:
    explicit cutting_proxy(std::string folder) : folder_{std::move(folder)} {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0);
        socklen_t size = sizeof here;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size);
        port_ = ntohs(here.sin_port);
        ::listen(listener_, 16);
        thread_ = std::thread{[this] { run(); }};
    }
    cutting_proxy(const cutting_proxy&) = delete;
    cutting_proxy& operator=(const cutting_proxy&) = delete;
    ~cutting_proxy() {
        ended_ = true;
        thread_.join();
        ::close(listener_);
    }
    // No connection goes through, neither old nor new.
    void cut() { is_cut_ = true; }
    void mend() { is_cut_ = false; }
    std::string address() const { return "host=127.0.0.1 port=" + std::to_string(port_) + " sslmode=disable gssencmode=disable"; }

private:
    struct pair {
        int near = -1, far = -1;
    };

    void run() {
        std::vector<pair> pairs;
        while (!ended_) {
            if (is_cut_) {
                for (const auto& p : pairs) drop(p);
                pairs.clear();
            }
            std::vector<pollfd> all{{listener_, POLLIN, 0}};
            for (const auto& p : pairs) {
                all.push_back({p.near, POLLIN, 0});
                all.push_back({p.far, POLLIN, 0});
            }
            ::poll(all.data(), all.size(), 20);
            for (std::size_t i = pairs.size(); i-- > 0;) {
                const bool good = pass(all[1 + 2 * i], pairs[i].far) && pass(all[2 + 2 * i], pairs[i].near);
                if (good) continue;
                drop(pairs[i]);
                pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(i));
            }
            if ((all[0].revents & POLLIN) != 0) join(pairs);
        }
        for (const auto& p : pairs) drop(p);
    }
    void join(std::vector<pair>& pairs) const {
        pair p{::accept(listener_, nullptr, nullptr), ::socket(AF_UNIX, SOCK_STREAM, 0)};
        sockaddr_un server{};
        server.sun_family = AF_UNIX;
        std::strncpy(server.sun_path, (folder_ + "/.s.PGSQL.5432").c_str(), sizeof server.sun_path - 1);
        if (is_cut_ || ::connect(p.far, reinterpret_cast<sockaddr*>(&server), sizeof server) != 0) drop(p);
        else pairs.push_back(p);
    }
    static bool pass(const pollfd& from, int to) {
        if (from.revents == 0) return true;
        char bytes[65536];
        const auto n = ::read(from.fd, bytes, sizeof bytes);
        return n > 0 && ::write(to, bytes, static_cast<std::size_t>(n)) == n;
    }
    static void drop(const pair& p) {
        ::close(p.near);
        ::close(p.far);
    }

    std::string folder_;
    int listener_ = -1;
    unsigned port_ = 0;
    std::atomic<bool> ended_{false}, is_cut_{false};
    std::thread thread_;
};
