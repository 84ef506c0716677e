#pragma once

// A server of PostgreSQL for one test: on a socket of its own, without a port, and gone with its data afterwards.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

class postgres_server {
public:
    // Debian's folder of programs, or the one of the environment; empty where no server is installed.
    static std::string programs() {
        if (const char* folder = std::getenv("VERDANT_POSTGRES_PROGRAMS")) return folder;
        std::string newest;
        std::error_code none;
        for (const auto& version : std::filesystem::directory_iterator{"/usr/lib/postgresql", none})
            if (std::filesystem::exists(version.path() / "bin/initdb")) newest = std::max(newest, (version.path() / "bin").string());
        return newest;
    }

    explicit postgres_server(std::vector<std::string> settings = {}) : settings_{std::move(settings)}, goes_{true} {
        std::string pattern = "/tmp/verdant-postgres-XXXXXX";
        require(::mkdtemp(pattern.data()) != nullptr, "a folder");
        folder = pattern;
        make();
        start();
    }
    // In a folder that stays; the server ends with this process, however that ends.
    explicit postgres_server(const char* where) : folder{where}, ends_with_us_{true} {
        if (std::filesystem::create_directory(where)) make();
        start();
    }
    postgres_server(const postgres_server&) = delete;
    postgres_server& operator=(const postgres_server&) = delete;
    ~postgres_server() {
        stop(goes_ ? SIGQUIT : SIGINT);
        std::error_code ignored;
        if (goes_) std::filesystem::remove_all(folder, ignored);
    }

    void start() {
        std::vector<std::string> words{
            programs() + "/postgres", "-D", folder + "/data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=40"};
        for (const auto& s : settings_) words.insert(words.end(), {"-c", s});
        // A server that was killed may leave processes, until whose end another one refuses to start.
        while (shell(programs() + "/pg_isready -q -U tester -d postgres -h " + folder) != 0) {
            const pid_t server = server_;
            if (server == 0 || ::waitpid(server, nullptr, WNOHANG) == server) server_ = run(words);
            ::usleep(20'000);
        }
    }
    // SIGKILL: as by a crash. The server's processes end by themselves when they see that it is gone.
    void stop(int how) {
        const auto server = server_.exchange(0);
        if (server <= 0) return;
        ::kill(server, how);
        ::waitpid(server, nullptr, 0);
        if (how == SIGKILL) ::usleep(300'000);
    }
    // The process to kill.
    pid_t process() const { return server_; }
    // Whether it has ended by itself, or was killed.
    bool has_ended() {
        const pid_t server = server_;
        if (server <= 0 || ::waitpid(server, nullptr, WNOHANG) != server) return false;
        server_ = 0;
        return true;
    }

    std::string address(const std::string& more = "") const { return "host=" + folder + " user=tester dbname=postgres " + more; }
    // What psql answers, without a trailing line break.
    std::string ask(const std::string& sql) const {
        const auto out = folder + "/answer";
        const auto code = shell(programs() + "/psql -h " + folder + " -U tester -d postgres -Atqc '" + quoted(sql) + "' > " + out + " 2>&1");
        std::string text;
        if (auto* file = std::fopen(out.c_str(), "r")) {
            for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
            std::fclose(file);
        }
        while (!text.empty() && text.back() == '\n') text.pop_back();
        if (code != 0) throw std::runtime_error{sql + ": " + text};
        return text;
    }

    std::string folder;

private:
    static constexpr unsigned nobody = 65534;

    static void require(bool fine, const char* what) {
        if (!fine) throw std::runtime_error{std::string{"no server of PostgreSQL: "} + what};
    }
    void make() {
        if (::geteuid() == 0) require(::chown(folder.c_str(), nobody, nobody) == 0, "its folder"); // initdb refuses the administrator
        const auto made =
            run({programs() + "/initdb", "-D", folder + "/data", "-A", "trust", "-U", "tester", "-E", "UTF8", "--locale=C", "--no-sync"});
        int status = 0;
        require(::waitpid(made, &status, 0) == made && status == 0, "initdb");
    }

    static std::string quoted(const std::string& text) {
        std::string out;
        for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
        return out;
    }
    static int shell(const std::string& command) { return std::system(command.c_str()); } // NOLINT(cert-env33-c)

    pid_t run(const std::vector<std::string>& words) const {
        const auto child = ::fork();
        if (child != 0) return child;
        if (::chdir(folder.c_str()) != 0) ::_exit(2);
        const int log = ::open((folder + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
        ::dup2(log, 1);
        ::dup2(log, 2);
        if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(2);
        if (ends_with_us_) ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
        std::vector<char*> all;
        for (const auto& w : words) all.push_back(const_cast<char*>(w.c_str()));
        all.push_back(nullptr);
        ::execv(all[0], all.data());
        ::_exit(2);
    }

    std::vector<std::string> settings_{};
    bool goes_ = false, ends_with_us_ = false;
    std::atomic<pid_t> server_ = 0;
};
