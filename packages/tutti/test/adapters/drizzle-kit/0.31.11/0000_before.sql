CREATE TABLE `playlist` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `playlist_name` ON `playlist` (`name`);--> statement-breakpoint
CREATE TABLE `tune` (
	`id` integer PRIMARY KEY NOT NULL,
	`title` text DEFAULT 'Gan Ainm; or none' NOT NULL,
	`playlist_ref` integer,
	FOREIGN KEY (`playlist_ref`) REFERENCES `playlist`(`id`) ON UPDATE no action ON DELETE no action
);
